"""The one catalogue of what people read in the CRM, in mails and on pages (design 9). English.

Words in, sentence out: nothing is decided here. A translation writes the same functions in another language,
and `connector/values.py`, which writes numbers, dates and lists. "Agreed range" is the word for what a yes
covers; reps and approvers never read verdict, finding, envelope, assessed or owed.

One file for each reader or room. Callers write `texts.NAME`; what checks and the authority matrix say is read
by its file (`findings`, `capacity`, `unknown`, `whys`), and so is what the record tells (`story`).
"""

from connector.texts.approver import *
from connector.texts.keeper import *
from connector.texts.pages import *
from connector.texts.refusals import *
from connector.texts.rep import *
from connector.texts.rules import *
from connector.texts.sentence import *
from connector.texts.words import *
