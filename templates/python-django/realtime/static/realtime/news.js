// Says when notes have changed since the page was made.
const news = document.getElementById("news");
const text = document.getElementById("news-text").content;
const MISSED_SOME = 1012;

// A screen reader tells what comes into a status, not what was there all along.
function tell() {
  if (!news.childElementCount) news.append(text.cloneNode(true));
}

function listen() {
  const feed = new WebSocket(`${location.origin.replace("http", "ws")}/ws/notes`);
  feed.addEventListener("message", ({ data }) => {
    if (JSON.parse(data).type !== "ready") tell();
  });
  feed.addEventListener("close", ({ code }) => {
    if (code === MISSED_SOME) tell();
    setTimeout(listen, 1000 + 4000 * Math.random());
  });
}

listen();
