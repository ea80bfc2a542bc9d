// Loaded into a process by `node --require`: its clock jumps an hour ahead with SIGUSR2, and an hour back with SIGWINCH.
const realNow = Date.now;
let offset = 0;
const HOUR = 60 * 60 * 1000;
process.on('SIGUSR2', () => (offset += HOUR));
process.on('SIGWINCH', () => (offset -= HOUR));
Date.now = () => realNow() + offset;
