Feature: Browsing products
  Everybody may look at the shelves, also without an account.
  A product shows what it costs and how many are left.

  Rule: A product shows its price and how many are left

    Scenario: A visitor looks a product up
      Given the shop sells Green Tea at 12.50 EUR, 7 in stock
      When an anonymous visitor looks up Green Tea
      Then an anonymous visitor is shown
        | product   | price     | stock |
        | Green Tea | 12.50 EUR | 7     |

    Scenario: A visitor tries to look up what is no longer there
      Given the shop sells Green Tea at 12.50 EUR, 7 in stock
      When an admin takes Green Tea off sale
      And an anonymous visitor tries to look up Green Tea
      Then an anonymous visitor is told that this does not exist
      And the reason given is "There is no such product."

  Rule: Long lists come in pages, by name

    Scenario Outline: Page <page> of 5 products, <size> at a time, has <count>
      Given the shop sells 5 products
      When an anonymous visitor opens page <page> of the products, <size> at a time
      Then an anonymous visitor is shown page <page> of <pages>, with <count> of 5 in all

      Examples: pages
        | page | size | pages | count |
        | 1    | 2    | 3     | 2     |
        | 3    | 2    | 3     | 1     |
        | 4    | 2    | 3     | 0     |
        | 1    | 5    | 1     | 5     |

    Scenario: A page of products is held as recorded
      Given the shop sells Green Tea at 12.50 EUR, 7 in stock
      And the shop sells Cup at 0.99 EUR, 0 in stock
      When an anonymous visitor opens page 1 of the products, 10 at a time
      Then the answer is as recorded

    Scenario Outline: There is no page <page> with <size> at a time
      When an anonymous visitor tries to open page <page> of the products, <size> at a time
      Then an anonymous visitor is told that this is invalid
      And the fault is in the <field>: "<told>"

      Examples: impossible pages
        | page | size | field    | told                                     |
        | 0    | 10   | page     | The page must be 1 or more.              |
        | 1    | 101  | per page | The number per page must be 100 or less. |
