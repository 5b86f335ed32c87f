// The same by `require`.

import hunter = require('hunter-leads');

const engine: hunter.Engine = new hunter.Engine();
const answer: hunter.ScoreAnswer = engine.score(null, {}, null);
const error: hunter.HunterError = new hunter.HunterError('unknown_word', 'no');
const text: string = error.code + String(answer.score);
// @ts-expect-error a number is no text
engine.parseSpf(1);

export = text;
