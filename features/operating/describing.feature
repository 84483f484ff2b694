Feature: Describing how the shop is used
  Others build on the shop: what they read about it has to be true and whole.
  It comes as a document for programs and as a page for people.

  Rule: The description is whole, and changes only when somebody means it

    Scenario: the description for programs
      When an anonymous visitor reads the description of the interface
      Then an anonymous visitor succeeds
      And the answer is as recorded

    Scenario: everything is described
      When an anonymous visitor reads the description of the interface
      Then it describes all that programs can ask of the shop, and nothing else

  Rule: The page for people says the same, and needs nothing else

    Scenario: the page names every request
      When an anonymous visitor reads the documentation
      Then an anonymous visitor succeeds
      And the page reads as recorded
      And the page names every request of the description, and no other

    Scenario: the page can be read without the rest of the world
      When an anonymous visitor reads the documentation
      Then the page shows a browser everything without asking anybody else

  Rule: Whoever makes something is told where it is

    Scenario Outline: <who> who comes to <action> is told where it is
      Given a shop with a member, a product, an order and a post
      When <who> tries to <action> by <request>
      Then <who> succeeds
      And it is there where the answer says

      Examples: what can be made
        | who      | action         | request            |
        | a user   | publish a post | POST /api/posts    |
        | an admin | add a product  | POST /api/products |

    @fixture.payments
    Scenario Outline: <who> who comes to <action> is told where it is, and gets mail
      Given a shop with a member, a product, an order and a post
      When <who> tries to <action> by <request>
      Then <who> succeeds
      And it is there where the answer says
      And <news> is queued once

      Examples: what can be made
        | who                  | action         | request          | news                   |
        | an anonymous visitor | register       | POST /register   | the welcome            |
        | an admin             | create a user  | POST /api/users  | the welcome            |
        | a user               | place an order | POST /api/orders | the order confirmation |
