import { EventEmitter } from 'node:events';

/**
 * Where the process stands: `serving`; `draining`, when it still serves but wants no more work; `closing`,
 * when every long-lived part ends itself. The parts listen for the event `closing`.
 */
export class Lifecycle extends EventEmitter<{ closing: [] }> {
  #phase: 'serving' | 'draining' | 'closing' = 'serving';

  get phase() {
    return this.#phase;
  }

  drain(): void {
    this.#phase = 'draining';
  }

  close(): void {
    this.#phase = 'closing';
    this.emit('closing');
  }
}
