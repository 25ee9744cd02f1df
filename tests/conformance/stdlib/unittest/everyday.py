import io, re, unittest
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.shared = 1
    def setUp(self): self.addCleanup(lambda: None)
    def test_passes(self):
        self.assertEqual(1, 1); self.assertIn(1, [1]); self.assertTrue(1); self.assertAlmostEqual(0.1 + 0.2, 0.3); self.assertIsNone(None)
        with self.assertRaises(ZeroDivisionError) as caught: 1 / 0
        self.assertEqual(str(caught.exception), "division by zero")
        with self.assertRaisesRegex(ValueError, "inv"): int("x")
    def test_fails(self): self.assertEqual([1, 2, 3], [1, 2, 4])
    def test_strings(self): self.assertEqual("a\nb\n", "a\nc\n")
    def test_error(self): raise KeyError("k")
    @unittest.skip("not today")
    def test_skipped(self): pass
    @unittest.expectedFailure
    def test_expected(self): self.assertEqual(1, 2)
    def test_sub(self):
        for i in range(3):
            with self.subTest(i=i): self.assertNotEqual(i, 1)
out = io.StringIO()
result = unittest.TextTestRunner(out, verbosity=2).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
text = re.sub(r"in [\d.]+s", "in Xs", out.getvalue())
print(text.replace(__file__, "FILE"))
print(result.testsRun, len(result.failures), len(result.errors), len(result.skipped), result.wasSuccessful())
