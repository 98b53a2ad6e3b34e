// The index of the search is large, and most readers never search: it is asked for when the search is first used.
// Material asks for it at once, so its request is held here until then; results and highlighting are Material's. So is
// the program that searches: it is fetched when it is first told something, which is when the index has come.
(() => {
  "use strict";
  const held = [];
  const { open, send } = XMLHttpRequest.prototype;
  const wanted = new URLSearchParams(location.search).has("h"); // words of a result are highlighted at once

  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    this.isIndex = String(address).endsWith("search/search_index.json");
    return open.call(this, method, address, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.isIndex && !used) held.push(() => send.call(this, body));
    else send.call(this, body);
  };

  let used = wanted;
  function use() {
    if (used) return;
    used = true;
    for (const go of held) go();
  }

  const Real = window.Worker;
  class Later extends EventTarget {
    constructor(...how) {
      super();
      this.how = how;
    }

    postMessage(message) {
      if (!this.real) {
        this.real = location.protocol === "file:" ? new Inside(...this.how) : new Real(...this.how);
        this.real.addEventListener("message", ({ data }) => this.answer(data));
        this.real.addEventListener("error", (event) => this.dispatchEvent(new ErrorEvent("error", event)));
      }
      // What holds all the words is wanted, such as an error's text; where there is nothing, what holds some of them.
      const words = message.type === 2 ? message.data.trim().split(/\s+/) : [];
      this.some = words.length > 1 ? message : null;
      const all = words.map((word) => (/^[+-]/.test(word) ? word : `+${word}`)).join(" ");
      this.real.postMessage(this.some ? { ...message, data: all } : message);
    }

    answer(data) {
      const again = data.type === 3 && !data.data.items.length && this.some;
      this.some = null;
      if (again) this.real.postMessage(again);
      else this.dispatchEvent(new MessageEvent("message", { data }));
    }

    terminate() {
      if (this.real) this.real.terminate();
    }
  }
  // From a disk no worker may be made: the same program runs in an empty frame of this page, which has its own names.
  class Inside extends EventTarget {
    constructor(address) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.frame.title = "Search";
      document.body.append(this.frame);
      const own = this.frame.contentWindow;
      own.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.ready = new Promise((done, fail) => {
        const program = own.document.createElement("script");
        program.addEventListener("load", done);
        program.addEventListener("error", fail);
        program.src = address;
        own.document.head.append(program);
      });
    }

    postMessage(data) {
      const own = this.frame.contentWindow;
      this.ready.then(() => own.dispatchEvent(new own.MessageEvent("message", { data })));
    }

    terminate() {
      this.frame.remove();
    }
  }
  window.Worker = function Worker(address, ...rest) {
    return String(address).includes("/workers/search.") ? new Later(address, ...rest) : new Real(address, ...rest);
  };

  // A label such as dense:grad-W and an error's text hold a colon, which the search takes for the name of a field.
  addEventListener("focusin", (event) => event.target.closest && event.target.closest(".md-search") && use());
  addEventListener("input", (event) => {
    if (event.target.matches && event.target.matches(".md-search__input")) {
      use();
      const plain = event.target.value.replace(/:/g, " ");
      if (plain !== event.target.value) event.target.value = plain;
    }
  }, true);
})();
