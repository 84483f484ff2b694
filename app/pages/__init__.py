"""The pages that a customer uses: the same rules as the API, in a browser, without JavaScript too."""
