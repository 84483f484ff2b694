Feature: A token that does not count
  Whoever signs in holds a token, and acts by it.
  One that is out of date, taken back, or made up opens nothing.

  Rule: Whoever comes with a token that does not count is asked to sign in, everywhere

    Scenario Outline: whoever comes with <token> is asked to sign in, everywhere
      Given a shop with a member, a product, an order and a post
      When somebody with <token> tries to do everything that asks to sign in
      Then each time they are asked to sign in, and nothing has changed

      Examples: an admin's token
        | token                           |
        | a token that has expired        |
        | a token that was revoked        |
        | a token of a deleted admin      |
        | a token with one letter changed |
        | a token cut short               |

      Examples: made up
        | token                            |
        | a token of another make          |
        | an empty token                   |
        | a number in place of a token     |
        | a signed token of another key    |
        | a signed token without signature |
        | a name and password              |
