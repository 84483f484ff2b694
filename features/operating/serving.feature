Feature: Serving customers
  Around the shop stand others' programs: proxies before it, a mail server, a worker.
  The operators know what it tells them, and whom it believes.

  Rule: The shop believes a proxy that it was told to trust, and nobody else

    Scenario Outline: a shop that trusts <proxies>
      When a browser asks a shop that trusts <proxies>, through two that say who asked them
      Then the shop takes it to come from <sender> over <line> to <host>

      Examples: proxies
        | proxies   | sender          | line          | host              |
        | 0 proxies | the last proxy  | an open line  | localhost         |
        | 1 proxy   | the first proxy | an open line  | first.example.com |
        | 2 proxies | the browser     | a secure line | shop.example.com  |

  Rule: Whoever is refused is heard out, and whoever hangs up in the middle disturbs nobody

    Scenario Outline: the line of somebody who has not signed in <ends>
      When somebody who has not signed in tries to post, and the line <ends> in the middle
      Then the shop has told them to <told>, and goes on

      Examples: ends of a line
        | ends                                      | told                   |
        | is shut                                   | sign in                |
        | breaks, who never said how much will come | say how much will come |

    Scenario Outline: somebody who has not signed in announces <announced> letters and sends <sent>
      When somebody who has not signed in tries to post <sent> letters, announcing <announced>
      Then the shop has heard <heard> of them before it hangs up

      Examples: to the end of what was announced, and no further
        | announced | sent   | heard  |
        | 1000      | 1000   | 1000   |
        | 100000    | 100000 | 100000 |
        | 1000      | 2000   | 1000   |

    Scenario: somebody who does not say how much will come is heard out, too
      When somebody tries to post 1000 letters without saying how many will come
      Then the shop has heard 1000 of them before it hangs up

  Rule: A mail is handed to the mail server as it asks for

    Scenario Outline: a mail server that <asks>
      When the shop sends a mail by a mail server that <asks>
      Then the mail server is told as recorded

      Examples: what it asks for
        | asks                  |
        | takes what comes      |
        | asks who is there     |
        | asks for a name alone |
        | talks in secret       |

  Rule: The worker knows all background work of the shop

    Scenario: a worker begins
      When the worker begins that does the background work
      Then it knows how to do
        | work                    |
        | charge_waiting_orders   |
        | publish_outbox          |
        | send_dispatch_notice    |
        | send_order_confirmation |
        | send_payment_declined   |
        | send_refund_notice      |
        | send_welcome            |

  Rule: How the shop is served changes only when somebody means it

    Scenario: what the server of the shop is told
      When the operators start the shop for customers
      Then the shop starts
      And the shop is served as recorded
