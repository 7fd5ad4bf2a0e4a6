//! Serves enact's actions on Cloudflare Workers.
