@critical
Feature: Seeing accounts
  Members see each other by name, picture and day of joining.
  The rest of an account is for its owner and the admins.

  Background:
    Given Mia is a member
    And Max is a member
    And Ada is an admin

  Rule: What is personal is seen by oneself and by admins only

    Scenario Outline: <who> <sees> the <field> of Mia, one at a time and in the list
      When <who> looks at the account of Mia
      Then <who> <sees> the <field> of Mia
      When <who> opens the list of users
      Then <who> <sees> the <field> of Mia

      Examples: another member
        | who | field          | sees         |
        | Max | number         | sees         |
        | Max | name           | sees         |
        | Max | picture        | sees         |
        | Max | day of joining | sees         |
        | Max | e-mail         | does not see |
        | Max | role           | does not see |
        | Max | standing       | does not see |
        | Max | password       | does not see |

      Examples: the member herself
        | who | field          | sees         |
        | Mia | number         | sees         |
        | Mia | name           | sees         |
        | Mia | picture        | sees         |
        | Mia | day of joining | sees         |
        | Mia | e-mail         | sees         |
        | Mia | role           | sees         |
        | Mia | standing       | sees         |
        | Mia | password       | does not see |

      Examples: an admin
        | who | field          | sees         |
        | Ada | number         | sees         |
        | Ada | name           | sees         |
        | Ada | picture        | sees         |
        | Ada | day of joining | sees         |
        | Ada | e-mail         | sees         |
        | Ada | role           | sees         |
        | Ada | standing       | sees         |
        | Ada | password       | does not see |

    Scenario Outline: <whose> is shown to <who> as recorded
      When <who> looks at the account of <whose>
      Then <who> succeeds
      And the answer is as recorded

      Examples: a stranger, oneself, an admin
        | who | whose |
        | Max | Mia   |
        | Mia | Mia   |
        | Ada | Mia   |
        | Mia | Ada   |

    Scenario Outline: the list of users is shown to <who> as recorded
      When <who> opens the list of users
      Then <who> succeeds
      And the answer is as recorded

      Examples: a member, an admin
        | who |
        | Mia |
        | Ada |

  Rule: The list comes in pages, in the order of joining

    Scenario Outline: page <page> of 25 users, <size> on each, shows <shown>
      Given there are 22 other members
      When Ada opens page <page> of the users, <size> on each
      Then Ada is shown page <page> of <pages>, with <shown> of 25 in all
      And those who joined first come first

      Examples: first, last and past the end
        | page | size | pages | shown |
        | 1    | 10   | 3     | 10    |
        | 3    | 10   | 3     | 5     |
        | 4    | 10   | 3     | 0     |
        | 1    | 25   | 1     | 25    |
        | 25   | 1    | 25    | 1     |
        | 1    | 100  | 1     | 25    |

    Scenario: a page shows 20 users unless somebody asks for more
      Given there are 22 other members
      When Mia opens the list of users
      Then Mia is shown page 1 of 2, with 20 of 25 in all

    Scenario Outline: there is no page <page> with <size> users
      When Mia tries to open page <page> of the users, <size> on each
      Then Mia is told that this is invalid
      And the fault is in the <field>: "<message>"

      Examples: out of bounds, or no number
        | page  | size | field    | message                                     |
        | 0     | 10   | page     | The page must be 1 or more.                 |
        | -1    | 10   | page     | The page must be 1 or more.                 |
        | 10001 | 10   | page     | The page must be 10000 or less.             |
        | two   | 10   | page     | The page must be a whole number.            |
        | 1     | 0    | per page | The number per page must be 1 or more.      |
        | 1     | 101  | per page | The number per page must be 100 or less.    |
        | 1     | many | per page | The number per page must be a whole number. |
