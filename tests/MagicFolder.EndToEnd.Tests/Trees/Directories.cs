namespace MagicFolder.EndToEnd.Tests.Trees;

/// <summary>Compares directories and tells the first differences.</summary>
internal static class Directories
{
    private const int Told = 10;

    internal static void ShouldBeTheSame(string one, params IEnumerable<string> others)
    {
        var expected = TreeListing.Of(one).Items;
        foreach (string other in others)
        {
            var differences = Differences(expected, TreeListing.Of(other).Items).ToList();
            if (differences.Count > 0)
                Assert.Fail($"{other} differs from {one} in {differences.Count} paths:\n{string.Join('\n', differences.Take(Told))}");
        }
    }

    internal static bool AreTheSame(string one, string other) => !Differences(TreeListing.Of(one).Items, TreeListing.Of(other).Items).Any();

    internal static IEnumerable<string> Differences(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        foreach (string path in expected.Keys.Union(actual.Keys).Order(StringComparer.Ordinal))
        {
            string? wanted = expected.GetValueOrDefault(path);
            string? found = actual.GetValueOrDefault(path);
            if (wanted != found) yield return $"{path}: {wanted ?? "nothing"} <> {found ?? "nothing"}";
        }
    }
}
