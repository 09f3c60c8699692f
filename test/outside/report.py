"""Runs the checks of one module and prints a line of JSON for each: `python report.py <module>`."""

import json
import sys
import unittest


class Lines(unittest.TestResult):
    """Tells each check's end at once, so that a crash half-way does not lose what came before."""

    def tell(self, test, problem):
        name = test.id().split(".")[-1] if isinstance(test, unittest.TestCase) else str(test)
        print(json.dumps({"name": name, "problem": problem}), flush=True)

    def addSuccess(self, test):
        self.tell(test, "")

    def addFailure(self, test, err):
        self.tell(test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        self.tell(test, self._exc_info_to_string(err, test))


result = Lines()
unittest.defaultTestLoader.loadTestsFromName(sys.argv[1]).run(result)
