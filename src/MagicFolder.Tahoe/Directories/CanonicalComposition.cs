using System.Text;

namespace MagicFolder.Tahoe.Directories;

/// <summary>Unicode's normalization form C (UAX #15), in which directories keep names.</summary>
internal static class CanonicalComposition
{
    /// <summary>No character below this one combines, or is changed by the normalization.</summary>
    private const char FirstOfInterest = '\u0300';

    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;

    /// <param name="text">Without unpaired surrogates.</param>
    internal static string Normalize(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstOfInterest - 1)) < 0)
        {
            return text;
        }

        var tables = CompositionTables.Instance;
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(tables, rune.Value, codes);
        }

        Order(tables, codes);
        Compose(tables, codes);
        var composed = new StringBuilder(text.Length);
        foreach (var code in codes)
        {
            composed.Append(new Rune(code));
        }

        return composed.ToString();
    }

    private static void Decompose(CompositionTables tables, int code, List<int> codes)
    {
        var syllable = code - SyllableBase;
        if (syllable is >= 0 and < LeadCount * VowelCount * TailCount)
        {
            codes.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            codes.Add(VowelBase + (syllable % (VowelCount * TailCount) / TailCount));
            if (syllable % TailCount != 0)
            {
                codes.Add(TailBase + (syllable % TailCount));
            }
        }
        else if (tables.DecompositionOf(code) is { } parts)
        {
            foreach (var part in parts)
            {
                Decompose(tables, part, codes);
            }
        }
        else
        {
            codes.Add(code);
        }
    }

    /// <summary>Sorts each run of combining characters by class; equal classes keep their order.</summary>
    private static void Order(CompositionTables tables, List<int> codes)
    {
        for (var start = 0; start < codes.Count; start++)
        {
            var end = start;
            while (end < codes.Count && tables.ClassOf(codes[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] ordered = [.. codes.GetRange(start, end - start).OrderBy(tables.ClassOf)];
                for (var i = 0; i < ordered.Length; i++)
                {
                    codes[start + i] = ordered[i];
                }
            }

            start = end;
        }
    }

    private static void Compose(CompositionTables tables, List<int> codes)
    {
        int kept = 0, starter = -1, lastClass = 0;
        foreach (var code in codes.ToArray())
        {
            var combining = tables.ClassOf(code);
            // Blocked is what has a character of its own or a greater class between itself and the starter.
            if (starter >= 0 && (kept - 1 == starter || lastClass < combining) && TryCompose(tables, codes[starter], code, out var composed))
            {
                codes[starter] = composed;
                continue;
            }

            if (combining == 0)
            {
                starter = kept;
            }

            lastClass = combining;
            codes[kept++] = code;
        }

        codes.RemoveRange(kept, codes.Count - kept);
    }

    private static bool TryCompose(CompositionTables tables, int first, int second, out int composed)
    {
        int lead = first - LeadBase, vowel = second - VowelBase;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            composed = SyllableBase + (((lead * VowelCount) + vowel) * TailCount);
            return true;
        }

        int syllable = first - SyllableBase, tail = second - TailBase;
        if (syllable is >= 0 and < LeadCount * VowelCount * TailCount && syllable % TailCount == 0 && tail is > 0 and < TailCount)
        {
            composed = first + tail;
            return true;
        }

        return tables.TryCompose(first, second, out composed);
    }
}
