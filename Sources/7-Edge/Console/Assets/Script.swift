/// Keeps a page live. Without it every page works as it is.
enum Script {
    static let text = """
        "use strict";
        (() => {
          const main = document.getElementById("main");
          const pulse = document.getElementById("pulse");
          const seconds = Number(main && main.dataset.live);
          if (!seconds) return;
          let shown = "";
          let failures = 0;

          const tell = (live) => {
            if (!pulse) return;
            pulse.hidden = false;
            pulse.classList.toggle("paused", !live);
            pulse.textContent = live ? pulse.dataset.live : pulse.dataset.paused;
          };

          // Nothing moves under the hands of somebody who types or selects.
          const busy = () => {
            const active = document.activeElement;
            if (active && active.matches("input, select, textarea")) return true;
            const selection = window.getSelection();
            return selection && !selection.isCollapsed && main.contains(selection.anchorNode);
          };

          const swap = (text) => {
            if (text === shown) return;
            const first = shown === "";
            const known = new Set([...main.querySelectorAll("[data-key]")].map((row) => row.dataset.key));
            const focused = document.activeElement;
            const path = focused && main.contains(focused) ? focused.getAttribute("href") : null;
            const scrolled = [...main.querySelectorAll(".scroll, .filters")].map((box) => box.scrollLeft);
            shown = text;
            main.innerHTML = text;
            [...main.querySelectorAll(".scroll, .filters")].forEach((box, index) => {
              box.scrollLeft = scrolled[index] || 0;
            });
            if (path) main.querySelector(`a[href="${CSS.escape(path)}"]`)?.focus({ preventScroll: true });
            if (first) return;
            for (const row of main.querySelectorAll("[data-key]")) {
              if (!known.has(row.dataset.key)) row.classList.add("fresh");
            }
          };

          const refresh = async () => {
            if (document.hidden || busy()) return tell(false);
            try {
              const reply = await fetch(location.href, { headers: { "X-Fragment": "1" }, redirect: "manual" });
              if (reply.type === "opaqueredirect") return location.reload();
              if (!reply.ok) throw new Error(String(reply.status));
              const text = await reply.text();
              if (!busy()) swap(text);
              failures = 0;
              tell(true);
            } catch {
              failures = Math.min(failures + 1, 5);
              tell(false);
            }
          };

          // After failures it asks less and less often, so that a server that comes back is not overrun.
          const loop = () => setTimeout(async () => { await refresh(); loop(); }, seconds * 1000 * 2 ** failures);
          document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
          tell(true);
          loop();
        })();

        """
}
