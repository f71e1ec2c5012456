const worker = new Worker("/worker.js", { type: "module" });
worker.onmessage = ({ data }) => (document.title = data);
worker.onerror = ({ message }) => (document.title = `the worker does not start: ${message}`);
worker.postMessage(JSON.parse(decodeURIComponent(location.hash.slice(1))));
