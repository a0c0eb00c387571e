/**
 * Made by `npm run client`, from what the ML service says of itself.
 */
import * as zod from 'zod';

/**
 * Tell the kind of each wine. All answers of a request are by the same model.
 * @summary Predict
 */
export const predictBodyInputsItemAlcoholMin = 0;
export const predictBodyInputsItemAlcoholMax = 30;

export const predictBodyInputsItemMalicAcidMin = 0;
export const predictBodyInputsItemMalicAcidMax = 20;

export const predictBodyInputsItemAshMin = 0;
export const predictBodyInputsItemAshMax = 10;

export const predictBodyInputsItemAlcalinityOfAshMin = 0;
export const predictBodyInputsItemAlcalinityOfAshMax = 100;

export const predictBodyInputsItemMagnesiumMin = 0;
export const predictBodyInputsItemMagnesiumMax = 500;

export const predictBodyInputsItemTotalPhenolsMin = 0;
export const predictBodyInputsItemTotalPhenolsMax = 10;

export const predictBodyInputsItemFlavanoidsMin = 0;
export const predictBodyInputsItemFlavanoidsMax = 10;

export const predictBodyInputsItemNonflavanoidPhenolsMin = 0;
export const predictBodyInputsItemNonflavanoidPhenolsMax = 10;

export const predictBodyInputsItemProanthocyaninsMin = 0;
export const predictBodyInputsItemProanthocyaninsMax = 10;

export const predictBodyInputsItemColorIntensityMin = 0;
export const predictBodyInputsItemColorIntensityMax = 50;

export const predictBodyInputsItemHueMin = 0;
export const predictBodyInputsItemHueMax = 5;

export const predictBodyInputsItemOd280Od315Min = 0;
export const predictBodyInputsItemOd280Od315Max = 10;

export const predictBodyInputsItemProlineMin = 0;
export const predictBodyInputsItemProlineMax = 5000;

export const predictBodyInputsMax = 100;

export const PredictBody = zod
  .strictObject({
    inputs: zod
      .array(
        zod
          .strictObject({
            alcohol: zod
              .number()
              .min(predictBodyInputsItemAlcoholMin)
              .max(predictBodyInputsItemAlcoholMax)
              .describe('% by volume'),
            malic_acid: zod
              .number()
              .min(predictBodyInputsItemMalicAcidMin)
              .max(predictBodyInputsItemMalicAcidMax)
              .describe('g/l'),
            ash: zod
              .number()
              .min(predictBodyInputsItemAshMin)
              .max(predictBodyInputsItemAshMax)
              .describe('g/l'),
            alcalinity_of_ash: zod
              .number()
              .min(predictBodyInputsItemAlcalinityOfAshMin)
              .max(predictBodyInputsItemAlcalinityOfAshMax),
            magnesium: zod
              .number()
              .min(predictBodyInputsItemMagnesiumMin)
              .max(predictBodyInputsItemMagnesiumMax)
              .describe('mg/l'),
            total_phenols: zod
              .number()
              .min(predictBodyInputsItemTotalPhenolsMin)
              .max(predictBodyInputsItemTotalPhenolsMax),
            flavanoids: zod
              .number()
              .min(predictBodyInputsItemFlavanoidsMin)
              .max(predictBodyInputsItemFlavanoidsMax),
            nonflavanoid_phenols: zod
              .number()
              .min(predictBodyInputsItemNonflavanoidPhenolsMin)
              .max(predictBodyInputsItemNonflavanoidPhenolsMax),
            proanthocyanins: zod
              .number()
              .min(predictBodyInputsItemProanthocyaninsMin)
              .max(predictBodyInputsItemProanthocyaninsMax),
            color_intensity: zod
              .number()
              .min(predictBodyInputsItemColorIntensityMin)
              .max(predictBodyInputsItemColorIntensityMax),
            hue: zod.number().min(predictBodyInputsItemHueMin).max(predictBodyInputsItemHueMax),
            od280_od315: zod
              .number()
              .min(predictBodyInputsItemOd280Od315Min)
              .max(predictBodyInputsItemOd280Od315Max)
              .describe('OD280/OD315 of the diluted wine'),
            proline: zod
              .number()
              .min(predictBodyInputsItemProlineMin)
              .max(predictBodyInputsItemProlineMax)
              .describe('mg/l'),
          })
          .describe('A chemical analysis of a wine. The bounds refuse what no wine can have.'),
      )
      .min(1)
      .max(predictBodyInputsMax),
  })
  .describe('What to predict from: one input, or many.');

export const predictResponseModelSha256RegExp = /^[0-9a-f]{64}$/;
export const predictResponsePredictionsItemProbabilitiesMinOne = 0;
export const predictResponsePredictionsItemProbabilitiesMaxOne = 1;

export const PredictResponse = zod
  .object({
    model: zod
      .object({
        name: zod.string(),
        version: zod.string(),
        sha256: zod.string().regex(predictResponseModelSha256RegExp),
      })
      .describe('Which model it was, to the byte.'),
    predictions: zod.array(
      zod
        .object({
          label: zod.string(),
          probabilities: zod.record(
            zod.string(),
            zod
              .number()
              .min(predictResponsePredictionsItemProbabilitiesMinOne)
              .max(predictResponsePredictionsItemProbabilitiesMaxOne),
          ),
        })
        .describe('The likeliest class, and how likely each is.'),
    ),
  })
  .describe('A prediction for each input, in their order, all by the same model.');
