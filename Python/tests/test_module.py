"""Tests of the module against a real program: python3 -m unittest discover Python/tests.

The program is that of an installed wheel, of the PATH, or the one that WGAN_PROGRAM names.
"""

import importlib.util
import os
import signal
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))
import swift_wgan as wgan
from swift_wgan import _program

try:
    _program.program()
    REASON = "" if importlib.util.find_spec("numpy") else "NumPy is not installed"
except wgan.WganError as error:
    REASON = str(error)


@unittest.skipIf(REASON, REASON)
class ModuleTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name)
        cls.lines = []
        cls.run_of_60 = wgan.train(
            "mixture", out=cls.folder / "run", steps=60, seed=1, threads=1,
            set={"constraint": "clipping", "outputs.frames.every": 20}, progress=cls.lines.append)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_a_training_gives_its_folder_and_summary(self):
        self.assertEqual(self.run_of_60.summary["steps"], 60)
        self.assertTrue((self.run_of_60.folder / "weights.safetensors").exists())
        self.assertIn("clipping", (self.run_of_60.folder / "config.yaml").read_text())
        self.assertTrue(any("60/60" in line for line in self.lines), self.lines)

    def test_samples_are_an_array_and_the_same_for_a_seed(self):
        first, second = (wgan.sample(self.run_of_60, 7, seed=3) for _ in range(2))
        self.assertEqual(first.shape, (7, 2))
        self.assertTrue((first == second).all())
        self.assertFalse((first == wgan.sample(self.run_of_60.folder, 7, seed=4)).all())

    def test_metrics_are_columns_of_one_length(self):
        columns = wgan.metrics(self.run_of_60, series=["criticLoss"], last=5)
        self.assertEqual(sorted(columns), ["criticLoss", "step"])
        self.assertEqual(list(columns["step"]), [56, 57, 58, 59, 60])

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "pandas is not installed")
    def test_metrics_are_a_frame_where_asked_for(self):
        frame = wgan.metrics(self.run_of_60, as_frame=True)
        self.assertEqual(frame.index.name, "step")
        self.assertEqual(len(frame["wassersteinEstimate"]), 60)

    def test_an_evaluation_has_scores_and_an_audit(self):
        found = wgan.evaluate(self.run_of_60, samples=50, seeds=2)
        self.assertIn("w1", [score["metric"] for score in found["scores"]])
        self.assertIn("lipschitzConstant", found["audit"])

    def test_arrays_are_measured(self):
        import numpy as np

        points = np.array([[0.0, 0.0], [1.0, 0.0]])
        self.assertAlmostEqual(wgan.measure("w1", points, points + 1)["value"], 2**0.5)
        weighted = wgan.measure("w1", points, points, weights_a=np.array([1.0, 0.0]),
                                weights_b=np.array([0.0, 1.0]))
        self.assertAlmostEqual(weighted["value"], 1)

    def test_errors_have_the_sentence_and_code_of_the_command(self):
        with self.assertRaisesRegex(wgan.WganError, "there is no preset of this name") as caught:
            wgan.train("nothing", progress=False)
        self.assertEqual(caught.exception.code, 2)
        with self.assertRaisesRegex(wgan.WganError, "unknown key 'critics'"):
            wgan.train("mixture", set=["critics=1"], progress=False)
        with self.assertRaises(wgan.WganError):
            wgan.sample(self.folder / "absent", 3)

    def test_an_interruption_saves_and_the_run_goes_on(self):
        folder = self.folder / "interrupted"
        metrics = folder / "metrics.sqlite"

        def interrupt():
            deadline = time.monotonic() + 60
            while not metrics.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
            time.sleep(2)
            os.kill(os.getpid(), signal.SIGINT)

        # Shells start what is in the background with the signal ignored.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.addCleanup(signal.signal, signal.SIGINT, before)
        threading.Thread(target=interrupt).start()
        with self.assertRaisesRegex(KeyboardInterrupt, "saved at step"):
            wgan.train("mixture", out=folder, steps=1_000_000, threads=1, progress=False,
                       set={"outputs.frames.every": 1000})
        done = int(max(wgan.metrics(folder)["step"]))
        self.assertGreater(done, 0)
        resumed = wgan.resume(folder, steps=done + 1, progress=False)
        self.assertEqual(resumed.summary["steps"], done + 1)

    def test_the_version_is_that_of_the_program(self):
        self.assertRegex(wgan.__version__, r"^\d+\.\d+\.\d+$")


if __name__ == "__main__":
    unittest.main()
