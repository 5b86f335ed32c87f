/** The same for `import`: one native part and one `HunterError`, whichever way a program came in. */

export * from './index.js';
