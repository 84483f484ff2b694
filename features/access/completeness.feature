Feature: Nothing is left out of who may do what
  The tables in this folder say who may do what.
  Here they are compared with everything that the service answers to,
  so that nothing new can be forgotten.

  Rule: Everything that can be asked has a row for every kind of person

    Scenario: the tables are complete
      Given a shop with a member, a product, an order and a post
      And each of these needs a row
        | who                  | request                           |
        | an anonymous visitor | everything                        |
        | a user               | everything                        |
        | an admin             | everything                        |
        | a suspended admin    | everything that asks to sign in   |
        | a member             | everything under /api/users/{id}  |
        | the author           | everything under /api/posts/{id}  |
        | the customer         | everything under /api/orders/{id} |
      And these need none
        | request               | who       | reason                                                         |
        | HEAD of everything    | everybody | is answered as GET is: see the rule below                      |
        | OPTIONS of everything | everybody | tells the methods of an address, the same for all, and no data |
      When the tables are compared with what the service answers to
      Then nothing is missing, written twice or out of date

  Rule: Asking for the head of something is like asking for the whole

    Scenario Outline: <who> is told no more by asking for the head of something
      Given a shop with a member, a product, an order and a post
      When <who> tries to read everything, and then its head alone
      Then both are answered alike, and nothing has changed

      Examples: kinds of person
        | who                  |
        | an anonymous visitor |
        | a user               |
        | a suspended admin    |
