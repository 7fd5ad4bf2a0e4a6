//! Serves enact's actions on bare hyper, over HTTP/1.1 and HTTP/2.
