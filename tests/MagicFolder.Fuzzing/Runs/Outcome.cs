using System.Text;

namespace MagicFolder.Fuzzing.Runs;

/// <summary>What came of one input.</summary>
/// <param name="Key">Inputs with the same key showed the same thing.</param>
internal readonly record struct Outcome(string Key, bool Accepted, Exception? Wrong)
{
    public static Outcome Of(string shape) => new("accepted " + shape, true, null);

    public static Outcome Refused(Exception e) => new($"refused {e.GetType().Name} {Normalize(e.Message)}", false, null);

    public static Outcome Failed(Exception e) => new($"{e.GetType().Name} {Normalize(e.Message)} {PlaceOf(e)}", false, e);

    /// <summary>Numbers and ids differ from input to input and say nothing new.</summary>
    private static string Normalize(string message)
    {
        var text = new StringBuilder();
        foreach (string word in message.Split(' '))
        {
            if (text.Length > 160) break;
            text.Append(word.Any(char.IsAsciiDigit) ? "#" : word).Append(' ');
        }
        return text.ToString();
    }

    private static string PlaceOf(Exception e) =>
        e.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Contains("MagicFolder.", StringComparison.Ordinal)) ?? "";
}
