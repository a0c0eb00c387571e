import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import ts from 'typescript';

/**
 * For `node --import`: compiles our code as it is loaded, as Node.js by itself can strip types but knows no
 * decorators. The types are checked elsewhere.
 */
registerHooks({
  load(url, context, nextLoad) {
    if (!url.endsWith('.ts')) {
      return nextLoad(url, context);
    }
    const { outputText } = ts.transpileModule(readFileSync(new URL(url), 'utf8'), {
      fileName: url,
      compilerOptions: {
        target: ts.ScriptTarget.ES2024,
        module: ts.ModuleKind.ESNext,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
        verbatimModuleSyntax: true,
        inlineSourceMap: true,
      },
    });
    return { format: 'module', source: outputText, shortCircuit: true };
  },
});
