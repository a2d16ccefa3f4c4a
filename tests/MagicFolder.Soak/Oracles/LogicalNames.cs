using System.Text.RegularExpressions;

namespace MagicFolder.Soak.Oracles;

/// <summary>Which path a file is a version of, as a user reads it from its name.</summary>
internal static partial class LogicalNames
{
    internal static bool IsConflict(string path) => Mark().IsMatch(path);

    /// <summary>The path without what marks a conflict file, in every name on the way.</summary>
    internal static string Of(string path) => Mark().Replace(path, "");

    // A conflict file of a conflict file has two marks.
    [GeneratedRegex(@"\.conflict-[a-z]+(-\d+)?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();
}
