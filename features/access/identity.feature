Feature: Everybody stays who they are
  If the service took one person for another, or this suite did,
  every other promise about access would be worth nothing.

  Rule: People who act in turn stay themselves

    Scenario: two members, an admin and a visitor act in turn
      Given Ann is a member
      And Bob is a member
      And Ada is an admin
      When these act in turn
        | who                  | is taken for |
        | Ann                  | Ann          |
        | Bob                  | Bob          |
        | an anonymous visitor | nobody       |
        | Ada                  | Ada          |
        | Ann                  | Ann          |
        | an anonymous visitor | nobody       |
      Then each was taken for who they are
