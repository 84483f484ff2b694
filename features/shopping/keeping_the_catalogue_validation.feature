Feature: Trying to put on sale what cannot be sold
  A slip of the finger in the catalogue costs money.
  So a price is never nothing, a stock is never negative,
  and whoever makes a mistake is told in which field.

  Rule: A product has a name, a price in cents above zero, and a stock of zero or more

    Scenario Outline: A product cannot have the <field> <entered>
      When an admin tries to put a product on sale with the <field> <entered>
      Then an admin is told that this is invalid
      And the fault is in the <field>: "<told>"
      And nothing has changed

      Examples: names
        | field | entered     | told                                        |
        | name  | missing     | The name is missing.                        |
        | name  | empty       | This must not be blank.                     |
        | name  | only spaces | This must not be blank.                     |
        | name  | 121 letters | The name may have at most 120 characters.   |
        | name  | two lines   | Enter one line, without control characters. |
        | name  | 7           | The name must be text.                      |

      Examples: descriptions
        | field       | entered             | told                                              |
        | description | 2001 letters        | The description may have at most 2000 characters. |
        | description | a control character | Control characters are not allowed.               |
        | description | null                | The description must be text.                     |

      Examples: prices
        | field       | entered   | told                                          |
        | price cents | missing   | The price in cents is missing.                |
        | price cents | 0         | The price in cents must be 1 or more.         |
        | price cents | -1        | The price in cents must be 1 or more.         |
        | price cents | 100000001 | The price in cents must be 100000000 or less. |
        | price cents | 2.5       | The price in cents must be a whole number.    |
        | price cents | "250"     | The price in cents must be a whole number.    |
        | price cents | true      | The price in cents must be a whole number.    |

      Examples: stocks
        | field | entered | told                               |
        | stock | -1      | The stock must be 0 or more.       |
        | stock | 1000001 | The stock must be 1000000 or less. |
        | stock | 0.5     | The stock must be a whole number.  |
        | stock | null    | The stock must be a whole number.  |

      Examples: what the shop decides
        | field  | entered | told                    |
        | id     | 1       | There is no such field. |
        | colour | "green" | There is no such field. |

  Rule: A changed product follows the rules of a new one

    Scenario Outline: The <field> of a product cannot become <entered>
      Given the shop sells Tea at 2.50 EUR, 7 in stock
      When an admin tries to change the <field> of Tea to <entered>
      Then an admin is told that this is invalid
      And the fault is in the <field>: "<told>"
      And nothing has changed

      Examples: bad changes
        | field       | entered | told                                  |
        | name        | empty   | This must not be blank.               |
        | price cents | 0       | The price in cents must be 1 or more. |
        | stock       | -1      | The stock must be 0 or more.          |
        | stock       | null    | The stock must be a whole number.     |
        | id          | 1       | There is no such field.               |
