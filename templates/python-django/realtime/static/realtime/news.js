// Says when notes have changed since the page was made.
const news = document.getElementById("news");
const MISSED_SOME = 1012;

function listen() {
  const feed = new WebSocket(`${location.origin.replace("http", "ws")}/ws/notes`);
  feed.addEventListener("message", ({ data }) => {
    if (JSON.parse(data).type !== "ready") news.hidden = false;
  });
  feed.addEventListener("close", ({ code }) => {
    if (code === MISSED_SOME) news.hidden = false;
    setTimeout(listen, 1000 + 4000 * Math.random());
  });
}

listen();
