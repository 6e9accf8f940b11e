"""What its answers to held-out images say of a network: what they settle, and the contract that tells it."""
