// A page that is printed: what is folded and worth paper is open, solutions stand at the end, links lead to the site.
(() => {
  "use strict";
  const home = document.currentScript.dataset.home; // the site's address, which ends in a slash
  const article = document.querySelector("article");
  const pages = [...article.querySelectorAll(":scope > section")];

  for (const page of pages.length ? pages : [article]) {
    const closed = ".nnlit-fold, .nnlit-badge, .nnlit-more, .nnlit-broken";
    for (const fold of page.querySelectorAll("details")) fold.open = !fold.matches(closed);
    const solutions = [...page.querySelectorAll("details.success")];
    if (!solutions.length) continue;
    const end = document.createElement("div");
    end.className = "nnlit-solutions";
    end.innerHTML = "<h2>Solutions</h2>";
    for (const solution of solutions) {
      let above = solution.previousElementSibling;
      while (above && above.tagName !== "H3") above = above.previousElementSibling;
      const head = document.createElement("h3");
      head.textContent = above ? above.firstChild.textContent : "Solution";
      solution.querySelector("summary").remove();
      const text = document.createElement("div");
      text.append(...solution.childNodes);
      solution.remove();
      end.append(head, text);
    }
    page.append(end);
  }

  const fits = (part) => (part.matches("table") ? part.rows.length <= 6 : part.textContent.trim().split("\n").length <= 12);
  for (const part of article.querySelectorAll("table, .highlight, .nnlit-listing")) part.toggleAttribute("data-short", fits(part));
  const little = (fold) => !fold.querySelector("pre") && fold.querySelectorAll("tr").length <= 6 && fold.textContent.length < 600;
  for (const fold of article.querySelectorAll("details")) fold.toggleAttribute("data-short", little(fold));
  for (const fold of article.querySelectorAll("details details[data-short]:not(.nnlit-badge)")) {
    const whole = document.createElement("div"); // inside of a fold that is longer than a page a browser breaks another one
    whole.className = "nnlit-together";
    const head = document.createElement("p");
    head.append(...fold.querySelector("summary").childNodes);
    whole.append(head, ...[...fold.childNodes].filter((node) => node.nodeName !== "SUMMARY"));
    fold.replaceWith(whole);
  }
  // a line that paper has room for is no box of its own: boxes do not know how many of them end a page
  for (const line of article.querySelectorAll(".nnlit-line"))
    if (line.textContent.trimEnd().length <= 74) line.replaceWith(...line.childNodes);

  const unprinted = ".nnlit-more, .nnlit-noprint, .nnlit-copy, .nnlit-broken, [id$=nnlit-end]";
  for (const page of pages.length ? pages : [article]) {
    let last = page;
    while (last && !last.matches("p, li, pre, tr")) last = [...last.children].findLast((part) => part.getClientRects().length && !part.matches(unprinted));
    if (last) last.toggleAttribute("data-last", true);
    // a sheet that holds the last lines holds what is above them as well, be it a head
    const above = last && last.matches("p") ? last.previousElementSibling : null;
    if (!above || above.getBoundingClientRect().height > 400) continue;
    const whole = document.createElement("div");
    whole.className = "nnlit-together";
    last.before(whole);
    whole.append(above, last);
  }

  const folder = location.pathname.replace(/[^/]*$/, "");
  const root = folder.replace(/[^/]*\/$/, "");
  for (const link of article.querySelectorAll("a[href]")) {
    const own = link.origin === location.origin;
    if (own && link.hash && link.pathname.replace(/[^/]*$/, "") === folder) link.href = link.hash;
    else if (own) link.href = home + link.pathname.replace(root, "") + link.hash;
    else if (!link.closest("pre, .nnlit-place") && !link.href.includes(link.textContent)) link.classList.add("nnlit-out");
  }
})();
