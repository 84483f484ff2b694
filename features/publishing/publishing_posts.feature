Feature: Publishing posts
  Members tell each other what goes on around the corner.
  A post stands under its author's name, for all members to read,
  from the moment it is published.

  Background:
    Given Ann is a member
    And Ben is a member

  Rule: A post can be read by all members as soon as it is published

    Scenario: Another member reads a new post
      When Ann publishes "Bread on Sunday", saying "The oven is warm from seven."
      And Ben reads the post "Bread on Sunday"
      Then Ben is shown
        | title           | text                         | author |
        | Bread on Sunday | The oven is warm from seven. | Ann    |

    Scenario: The author is shown what was published
      When Ann publishes "Bread on Sunday", saying "The oven is warm from seven."
      Then Ann succeeds
      And the answer is as recorded

    Scenario: A member publishes twice under the same title
      When Ann publishes "Bread on Sunday", saying "The oven is warm from seven."
      And Ann publishes "Bread on Sunday", saying "And again next week."
      And Ben lists the posts of Ann
      Then Ben is shown
        | title           | text                         |
        | Bread on Sunday | And again next week.         |
        | Bread on Sunday | The oven is warm from seven. |

  Rule: A post is kept as it was written

    Scenario Outline: <what> is kept
      When Ann publishes "<title>", saying "<text>"
      And Ben lists the posts
      Then Ben is shown
        | title  | text   |
        | <kept> | <text> |

      Examples: what somebody may write
        | what           | title             | text                  | kept              |
        | an accent      | Café à Paris      | Crème brûlée for all. | Café à Paris      |
        | another script | 日本茶               | いただきます                | 日本茶               |
        | a smile        | Tea 🍵             | Come and have a cup 🙂 | Tea 🍵             |
        | mark-up        | <b>Bread</b>      | <script>hi()</script> | <b>Bread</b>      |
        | an apostrophe  | Ann's O'Clock; -- | It's five, isn't it?  | Ann's O'Clock; -- |
