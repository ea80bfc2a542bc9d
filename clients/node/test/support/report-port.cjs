// Loaded before a snippet: it listens on a port of its own, whichever it names, and tells which.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  this.once('listening', () => process.send({ port: this.address().port }));
  const callback = args.findLast((argument) => typeof argument === 'function');
  return listen.call(this, { host: '127.0.0.1', port: 0 }, callback);
};
