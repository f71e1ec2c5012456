import "./support/server.mjs";
