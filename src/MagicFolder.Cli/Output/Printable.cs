using System.Globalization;
using System.Text;

namespace MagicFolder.Cli.Output;

/// <summary>Names that others chose, for a line on a terminal: what would move the cursor, break the line or turn its direction is written as its code.</summary>
internal static class Printable
{
    internal static string Text(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (IsHarmless(rune)) text.Append(rune);
            else text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
        return text.ToString();
    }

    /// <summary>A problem with a path, as a sentence.</summary>
    internal static string Line(string path, string reason, string advice) => Text($"{path}: {reason}; {advice}.");

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}
