using System.Globalization;

namespace MagicFolder.Tahoe.Directories;

/// <summary>What Unicode says of canonical composition: combining classes, decompositions, and which of them are composed again. Immutable.</summary>
/// <remarks>
/// The platform's tables belong to its globalization, which this program does without. Characters that are younger than the tables pass unchanged; for older ones Unicode promises that
/// nothing changes.
/// </remarks>
internal sealed class CompositionTables
{
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, int[]> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];

    private CompositionTables(TextReader lines)
    {
        while (lines.ReadLine() is { } line)
        {
            var fields = line.Split(' ');
            switch (fields[0])
            {
                case "c":
                    for (int code = Code(fields[1]), last = Code(fields[^2]); code <= last; code++)
                    {
                        _classes[code] = byte.Parse(fields[^1], CultureInfo.InvariantCulture);
                    }

                    break;
                case "d" or "s":
                    int[] parts = [.. fields.Skip(2).Select(Code)];
                    _decompositions[Code(fields[1])] = parts;
                    if (fields[0] == "d")
                    {
                        _compositions[(parts[0], parts[1])] = Code(fields[1]);
                    }

                    break;
            }
        }
    }

    /// <summary>Read once, when a name first needs it.</summary>
    internal static CompositionTables Instance => Nested.Tables;

    /// <summary>0 for characters that do not combine.</summary>
    internal int ClassOf(int code) => _classes.GetValueOrDefault(code);

    /// <summary>One step of the decomposition, or null.</summary>
    internal int[]? DecompositionOf(int code) => _decompositions.GetValueOrDefault(code);

    internal bool TryCompose(int first, int second, out int composed) => _compositions.TryGetValue((first, second), out composed);

    private static int Code(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static class Nested
    {
        internal static readonly CompositionTables Tables = Load();

        private static CompositionTables Load()
        {
            using var reader = new StreamReader(typeof(CompositionTables).Assembly.GetManifestResourceStream("canonical-composition.txt")!);
            return new CompositionTables(reader);
        }
    }
}
