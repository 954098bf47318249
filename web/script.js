/*
 * Dianji's only script. Every page works without it: what it adds is announced in the HTML by data attributes, and every
 * word that it shows stands in the page, so that the catalogues translate it. README.md lists the attributes.
 */
(function () {
    "use strict";

    function each(root, selector, act) {
        Array.prototype.forEach.call(root.querySelectorAll(selector), act);
    }

    /* A second click while the first is on its way would only bring the server's "already done". */
    function guardSecondClick(form) {
        form.addEventListener("submit", function (event) {
            if (event.defaultPrevented) {
                return;
            }
            if (form.dataset.sent) {
                event.preventDefault();
                return;
            }
            form.dataset.sent = "1";
            each(form, "button:not([type=button])", function (button) {
                button.setAttribute("aria-disabled", "true");
            });
        });
    }

    /* <form data-confirm="question" data-yes="label" data-no="label">: for acts that can be taken back. */
    function askFirst(form) {
        form.addEventListener("submit", function (event) {
            if (form.dataset.asked) {
                return;
            }
            event.preventDefault();
            if (!window.HTMLDialogElement) {
                if (window.confirm(form.dataset.confirm)) {
                    sendAsked(form, event.submitter);
                }
                return;
            }
            showQuestion(form, event.submitter);
        });
    }

    function sendAsked(form, submitter) {
        form.dataset.asked = "1";
        if (form.requestSubmit) {
            form.requestSubmit(submitter || undefined);
        } else {
            form.submit();
        }
    }

    function showQuestion(form, submitter) {
        var dialog = document.createElement("dialog");
        var text = document.createElement("p");
        var row = document.createElement("div");
        text.textContent = form.dataset.confirm;
        text.id = "question";
        dialog.setAttribute("aria-labelledby", "question");
        row.className = "actions";
        row.appendChild(answer(form.dataset.no, "button", function () {
            dialog.close();
        }));
        row.appendChild(answer(form.dataset.yes, "button primary", function () {
            dialog.close();
            sendAsked(form, submitter);
        }));
        dialog.appendChild(text);
        dialog.appendChild(row);
        dialog.addEventListener("close", function () {
            dialog.remove();
        });
        document.body.appendChild(dialog);
        dialog.showModal();
    }

    function answer(label, look, act) {
        var button = document.createElement("button");
        button.type = "button";
        button.className = look;
        button.textContent = label;
        button.addEventListener("click", act);
        return button;
    }

    /* <details class="confirm">: opening moves to its first field, Escape closes it. */
    function openToField(details) {
        details.addEventListener("toggle", function () {
            var field = details.querySelector("textarea, input:not([type=hidden]), select");
            if (details.open && field) {
                field.focus();
            }
        });
        closeOnEscape(details);
    }

    function closeOnEscape(details) {
        details.addEventListener("keydown", function (event) {
            if (event.key === "Escape" && details.open) {
                details.open = false;
                details.querySelector("summary").focus();
            }
        });
    }

    /* <label class="drop" data-max-bytes data-too-big>: drop a file anywhere on it; a hopeless size is said at once. */
    function takeDrops(zone) {
        var input = zone.querySelector("input[type=file]");
        ["dragenter", "dragover"].forEach(function (name) {
            zone.addEventListener(name, function (event) {
                event.preventDefault();
                zone.classList.add("over");
            });
        });
        ["dragleave", "drop"].forEach(function (name) {
            zone.addEventListener(name, function () {
                zone.classList.remove("over");
            });
        });
        zone.addEventListener("drop", function (event) {
            event.preventDefault();
            if (event.dataTransfer.files.length) {
                input.files = event.dataTransfer.files;
                input.dispatchEvent(new Event("change", { bubbles: true }));
            }
        });
        input.addEventListener("change", function () {
            var file = input.files[0];
            var limit = Number(zone.dataset.maxBytes);
            input.setCustomValidity(file && limit && file.size > limit ? zone.dataset.tooBig : "");
            input.reportValidity();
        });
    }

    /* <form data-upload="sending words">: the same POST, with a bar; the answer page replaces this one. */
    function showUpload(form) {
        form.addEventListener("submit", function (event) {
            if (event.defaultPrevented || !window.FormData) {
                return;
            }
            event.preventDefault();
            if (!form.dataset.sent) {
                form.dataset.sent = "1";
                send(form, event.submitter);
            }
        });
    }

    function send(form, submitter) {
        var body = new FormData(form);
        var request = new XMLHttpRequest();
        var said = document.createElement("p");
        var bar = document.createElement("progress");
        said.setAttribute("role", "status");
        said.textContent = form.dataset.upload;
        bar.max = 1;
        bar.value = 0;
        bar.setAttribute("aria-label", form.dataset.upload);
        form.appendChild(said);
        form.appendChild(bar);
        if (submitter && submitter.name) {
            body.append(submitter.name, submitter.value);
        }
        request.upload.addEventListener("progress", function (event) {
            if (event.lengthComputable) {
                bar.value = event.loaded / event.total;
            }
        });
        request.addEventListener("load", function () {
            if (request.responseURL !== form.action) {
                history.replaceState(null, "", request.responseURL);
            }
            document.open();
            document.write(request.responseText);
            document.close();
        });
        request.addEventListener("error", function () {
            said.remove();
            bar.remove();
            delete form.dataset.sent;
            form.submit();
        });
        request.open("POST", form.action);
        request.setRequestHeader("Accept", "text/html");
        request.send(body);
    }

    /* <button type="button" data-copy="id" data-done="word" hidden> */
    function copy(button) {
        if (!navigator.clipboard) {
            return;
        }
        button.hidden = false;
        button.addEventListener("click", function () {
            var text = document.getElementById(button.dataset.copy).textContent.trim();
            navigator.clipboard.writeText(text).then(function () {
                button.textContent = button.dataset.done;
                button.setAttribute("role", "status");
            });
        });
    }

    /* <section id="job" data-refresh="3" aria-live="polite">: fetched anew every 3 s until it no longer asks for it. */
    function refresh(part) {
        var seconds = Number(part.dataset.refresh);
        if (!part.id || !seconds || !window.fetch) {
            return;
        }
        window.setTimeout(function () {
            if (document.hidden) {
                refresh(part);
                return;
            }
            fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" })
                .then(function (response) {
                    return response.ok ? response.text() : Promise.reject(response.status);
                })
                .then(function (text) {
                    var page = new DOMParser().parseFromString(text, "text/html");
                    var fresh = page.getElementById(part.id);
                    if (!fresh) {
                        location.reload();
                        return;
                    }
                    part.innerHTML = fresh.innerHTML;
                    part.dataset.refresh = fresh.dataset.refresh || "";
                    enhance(part);
                    refresh(part);
                })
                .catch(function () {
                    refresh(part);
                });
        }, seconds * 1000);
    }

    /* <p class="field" data-quick="table-id" hidden>: narrows the rows already on the page; the server's filter stays. */
    function quickFilter(field) {
        var table = document.getElementById(field.dataset.quick);
        var input = field.querySelector("input");
        if (!table || !input) {
            return;
        }
        field.hidden = false;
        input.addEventListener("input", function () {
            var wanted = input.value.trim().toLowerCase();
            each(table, "tbody tr", function (row) {
                row.hidden = row.textContent.toLowerCase().indexOf(wanted) < 0;
            });
        });
    }

    /* <button type="button" data-print hidden> */
    function print(button) {
        button.hidden = false;
        button.addEventListener("click", function () {
            window.print();
        });
    }

    /* <input type="password" data-show="label" data-hide="label">: what is typed can be looked at. */
    function showOnDemand(input) {
        var button = document.createElement("button");
        function say() {
            var hidden = input.type === "password";
            button.textContent = hidden ? input.dataset.show : input.dataset.hide;
            button.setAttribute("aria-pressed", hidden ? "false" : "true");
        }
        button.type = "button";
        button.className = "button quiet";
        button.setAttribute("aria-controls", input.id);
        button.addEventListener("click", function () {
            input.type = input.type === "password" ? "text" : "password";
            say();
        });
        if (input.form) {
            input.form.addEventListener("submit", function () {
                input.type = "password";
                say();
            });
        }
        say();
        input.parentNode.insertBefore(button, input.nextSibling);
    }

    /* What a guesser has to try for a character: little where it follows from those before. */
    function bitsOf(text, at) {
        var code = text.charCodeAt(at), step = code - text.charCodeAt(at - 1);
        if (at > 0 && (step === 0 || ((step === 1 || step === -1) && step === text.charCodeAt(at - 1) - text.charCodeAt(at - 2)))) {
            return 0.5;
        }
        if (at > 2 && text.slice(0, at).indexOf(text.slice(at - 2, at + 1)) >= 0) {
            return 0.5;
        }
        return code > 0x2e7f ? 9 : /[a-z]/.test(text[at]) ? 3.3 : /[0-9]/.test(text[at]) ? 2.8 : 4.5;
    }

    /* 0 to 4, by an estimate that errs on the low side; the server decides what will do. */
    function strengthOf(password, login) {
        var known = /password|passw0rd|qwerty|asdf|zxcv|dianji|yunnan|kunming|jineng|woaini|mima|admin|welcome|iloveyou|(19|20)\d\d/gi;
        var text = password.toLowerCase().trim().replace(known, "#");
        var bits = 0;
        if (Array.from(password.trim()).length < 12) {
            return 0;
        }
        if (login) {
            text = text.split(login.toLowerCase()).join("#");
        }
        for (var at = 0; at < text.length; at++) {
            bits += bitsOf(text, at);
        }
        return bits < 30 ? 1 : bits < 42 ? 2 : bits < 56 ? 3 : 4;
    }

    /* <p data-meter="field" data-words="0|1|2|3|4" hidden>: how well a new password would hold. */
    function measure(line) {
        var field = document.getElementById(line.dataset.meter);
        var login = field.form && field.form.querySelector("[autocomplete=username]");
        var scale = document.createElement("meter");
        var said = document.createElement("span");
        scale.max = 4;
        scale.low = 2;
        scale.high = 3;
        scale.optimum = 4;
        scale.setAttribute("aria-hidden", "true");
        line.appendChild(scale);
        line.appendChild(said);
        field.addEventListener("input", function () {
            var strength = strengthOf(field.value, login ? login.value : "");
            line.hidden = field.value === "";
            scale.value = strength;
            line.dataset.strength = strength;
            said.textContent = " " + line.dataset.words.split("|")[strength];
        });
    }

    /* Cards on a phone are display:block; older browsers then forget that they are a table. */
    function keepTableRoles(table) {
        table.setAttribute("role", "table");
        each(table, "thead, tbody, tfoot", function (part) {
            part.setAttribute("role", "rowgroup");
        });
        each(table, "tr", function (part) {
            part.setAttribute("role", "row");
        });
        each(table, "td", function (part) {
            part.setAttribute("role", "cell");
        });
        each(table, "thead th", function (part) {
            part.setAttribute("role", "columnheader");
        });
        each(table, "tbody th, tfoot th", function (part) {
            part.setAttribute("role", "rowheader");
        });
    }

    function enhance(root) {
        each(root, "form[data-confirm]", askFirst);
        each(root, "form[data-upload]", showUpload);
        each(root, "form[method=post]:not([data-upload])", guardSecondClick);
        each(root, "details.confirm", openToField);
        each(root, "details.menu", closeOnEscape);
        each(root, ".drop", takeDrops);
        each(root, "[data-copy]", copy);
        each(root, "[data-quick]", quickFilter);
        each(root, "[data-print]", print);
        each(root, "[data-show]", showOnDemand);
        each(root, "[data-meter]", measure);
        each(root, "table.cards", keepTableRoles);
    }

    enhance(document);
    each(document, "[data-refresh]", refresh);
    window.addEventListener("pageshow", function (event) {
        if (event.persisted) {
            each(document, "form[data-sent]", function (form) {
                delete form.dataset.sent;
                each(form, "[aria-disabled]", function (button) {
                    button.removeAttribute("aria-disabled");
                });
            });
        }
    });
})();
