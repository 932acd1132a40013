// The login took place in a frame: the page around it goes on.
top.location.replace(document.querySelector("a").href);
