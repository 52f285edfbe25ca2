"""A page that tries every way out of a browser that its author could think of, towards addresses of this machine."""

from __future__ import annotations

from tests.rig.site import Reply, html


def hostile(port: int, udp: int, end: str) -> Reply:
    """Return a page whose scripts knock at a port of loopback by TCP and by UDP, then ask for `end` and say so."""
    at = f"http://127.0.0.1:{port}"
    hosts = (
        at,
        f"http://localhost:{port}",
        f"http://[::1]:{port}",
        f"http://2130706433:{port}",
        f"http://x.test:{port}",
    )
    return html(_PAGE.replace("HOSTS", str(list(hosts))).replace("AT", at).replace("PORT", str(port))
                .replace("UDP", str(udp)).replace("END", end))  # fmt: skip


_PAGE = """<!doctype html><html><head><title>Choir</title>
<link rel="dns-prefetch" href="AT"><link rel="preconnect" href="AT"><link rel="prefetch" href="AT/prefetch">
<link rel="preload" as="script" href="AT/preload"><link rel="modulepreload" href="AT/module">
<link rel="stylesheet" href="AT/style"><link rel="icon" href="AT/icon"><link rel="manifest" href="AT/manifest">
<link rel="prerender" href="AT/prerender"><style>@import "AT/import"; @font-face {font-family:f;src:url(AT/font)}
body {background:url(AT/background);font-family:f}</style>
<script type="speculationrules">{"prefetch":[{"source":"list","urls":["AT/speculated"]}],
"prerender":[{"source":"list","urls":["AT/prerendered"]}]}</script>
<script src="AT/script"></script><script type="module">import "AT/imported";</script></head>
<body><main><h1>Choir</h1></main>
<img src="AT/image"><video src="AT/video" autoplay></video><audio src="AT/audio" autoplay></audio>
<iframe src="AT/frame"></iframe><iframe src="file:///etc/passwd"></iframe><object data="AT/object"></object>
<embed src="AT/embed"><iframe srcdoc="<script>fetch('AT/srcdoc')</script>"></iframe>
<a id="ping" ping="AT/ping" href="#x">x</a><a id="save" download href="AT/download">x</a>
<form id="form" method="post" action="AT/form" target="_blank"><input name="a" value="b"></form>
<script>
const tried = [];
const attempt = async (name, run) => { tried.push(name); try { await run(); } catch (error) {} };
const soon = (name, run) => attempt(name, () => Promise.race([run(), new Promise(done => setTimeout(done, 300))]));
(async () => {
  for (const host of HOSTS) {
    await soon("fetch", () => fetch(host + "/fetch"));
    await soon("no-cors", () => fetch(host + "/opaque", {mode: "no-cors"}));
    await soon("post", () => fetch(host + "/post", {method: "POST", body: "{}",
      headers: {"Content-Type": "application/json"}}));
    await soon("keepalive", () => fetch(host + "/alive", {method: "POST", keepalive: true, body: "x"}));
    await attempt("beacon", () => navigator.sendBeacon(host + "/beacon", "x"));
    await attempt("event source", () => new EventSource(host + "/events"));
    await attempt("web socket", () => new WebSocket(host.replace("http", "ws")).send("x"));
    await attempt("image", () => { new Image().src = host + "/image"; });
    await attempt("window", () => window.open(host + "/window"));
  }
  await attempt("old request", () => {
    const asked = new XMLHttpRequest(); asked.open("PUT", "AT/put"); asked.send("x"); });
  await attempt("clicks", () => { for (const id of ["ping", "save"]) document.getElementById(id).click(); });
  await attempt("form", () => document.getElementById("form").submit());
  await attempt("worker", () => new Worker(URL.createObjectURL(new Blob([
    "fetch('AT/worker'); new WebSocket('ws://127.0.0.1:PORT'); importScripts('AT/scripts')"]))));
  await attempt("shared worker", () => new SharedWorker(URL.createObjectURL(new Blob(["fetch('AT/shared')"]))));
  await soon("service worker", () => navigator.serviceWorker.register("/worker.js"));
  await soon("web transport", () => new WebTransport("https://127.0.0.1:UDP/").ready);
  await soon("peer", async () => {
    const peer = new RTCPeerConnection({iceServers: [{urls: ["stun:127.0.0.1:UDP", "stun:localhost:UDP"]},
      {urls: ["turn:127.0.0.1:UDP", "turn:127.0.0.1:PORT?transport=tcp"], username: "a", credential: "b"}]});
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
    await peer.addIceCandidate({candidate: "candidate:1 1 udp 2113937151 127.0.0.1 UDP typ host", sdpMid: "0"});
  });
  await attempt("file", () => { const frame = document.createElement("iframe"); frame.src = "file:///etc/passwd";
    document.body.append(frame); });
  await attempt("away", () => { location = "AT/away"; });
  await attempt("file away", () => { location = "file:///etc/passwd"; });
  await attempt("settings", () => { location = "chrome://settings"; });
  await attempt("source", () => { location = "view-source:AT/source"; });
  const answer = await fetch("END");
  const said = `${tried.length} ${await answer.text()}`;
  document.querySelector("main").insertAdjacentHTML("beforeend", `<p id="done">${said}</p>`);
})();
</script></body></html>"""
