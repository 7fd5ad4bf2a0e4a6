//! Serves enact's actions on AWS Lambda: API Gateway, load balancers and function URLs.
