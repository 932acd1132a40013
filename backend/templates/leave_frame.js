// The login was in a frame: the whole window continues to the next page.
top.location.replace(document.querySelector("a").href);
