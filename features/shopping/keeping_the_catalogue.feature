Feature: Keeping the catalogue
  An admin keeps the shelves: what is sold, at which price, and how much is left.
  What was ordered before stays in the books as it was ordered.

  Rule: What an admin puts on sale can be bought at once

    Scenario: A new product is on the shelf
      When an admin puts Green Tea on sale at 12.50 EUR, 7 in stock
      And an anonymous visitor looks up Green Tea
      Then an anonymous visitor is shown
        | product   | price     | stock |
        | Green Tea | 12.50 EUR | 7     |

    Scenario: An admin is shown what was put on sale
      When an admin puts Green Tea on sale at 12.50 EUR, 7 in stock
      Then an admin succeeds
      And the answer is as recorded

    Scenario Outline: A product may have the <field> <entered>
      When an admin puts a product on sale with the <field> <entered>
      Then an admin succeeds

      Examples: as far as it goes
        | field       | entered     |
        | name        | 1 letter    |
        | name        | 120 letters |
        | description | missing     |
        | description | empty       |
        | price cents | 1           |
        | price cents | 100000000   |
        | stock       | 0           |
        | stock       | 1000000     |
        | stock       | missing     |

  Rule: A change of the catalogue counts from now on

    Scenario Outline: The <field> of a product becomes <entered>
      Given the shop sells Tea at 2.50 EUR, 7 in stock
      When an admin changes the <field> of Tea to <entered>
      And an anonymous visitor looks up Tea
      Then an anonymous visitor is shown
        | product | price   | stock   |
        | <name>  | <price> | <stock> |

      Examples: changes
        | field       | entered | name | price    | stock |
        | name        | "Chai"  | Chai | 2.50 EUR | 7     |
        | price cents | 300     | Tea  | 3.00 EUR | 7     |
        | stock       | 20      | Tea  | 2.50 EUR | 20    |

    Scenario: A new price leaves earlier orders alone
      Given the shop sells Tea at 2.50 EUR, 7 in stock
      And Ann is a member
      And Ann has an order of 2 Tea that is paid
      When an admin changes the price cents of Tea to 300
      And Ann looks at Ann's order
      Then Ann is shown
        | product | pieces | price    | total    |
        | Tea     | 2      | 2.50 EUR | 5.00 EUR |

  Rule: What is taken off sale stays in the books

    Scenario: A product is taken off sale
      Given the shop sells Tea at 2.50 EUR, 7 in stock
      When an admin takes Tea off sale
      Then an admin succeeds
      And Tea is no longer for sale

    Scenario: An order outlives its product
      Given the shop sells Tea at 2.50 EUR, 7 in stock
      And Ann is a member
      And Ann has an order of 2 Tea that is paid
      When an admin takes Tea off sale
      And Ann looks at Ann's order
      Then Ann is shown
        | product | pieces | price    | total    | state   |
        | Tea     | 2      | 2.50 EUR | 5.00 EUR | is paid |

    Scenario: What is off sale cannot be taken off again
      Given the shop sells Tea at 2.50 EUR, 7 in stock
      When an admin takes Tea off sale
      And an admin tries to take Tea off sale
      Then an admin is told that this does not exist
      And nothing has changed
