// All charts of an experiment, by where they are shown.
import { history, durations, timeline } from './history.js';
import { curves } from './curves.js';
import { importance, parallel, ranks } from './parameters.js';
import { slice, contour, pareto } from './relations.js';

export const PROGRESS = [history, curves, pareto, durations, timeline];
export const PARAMETERS = [parallel, importance, slice, contour, ranks];
