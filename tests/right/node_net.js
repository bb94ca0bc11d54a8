// Node's net: one loop under all clients, by the runtime.
const net = require("net");

net.createServer({ allowHalfOpen: true }, (client) => {
  client.on("error", () => client.destroy());
  client.pipe(client); // ends its side when the client has, once everything is sent
}).listen(9500, "127.0.0.1");
