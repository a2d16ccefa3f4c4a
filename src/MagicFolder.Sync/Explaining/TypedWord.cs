namespace MagicFolder.Sync.Explaining;

/// <summary>A path or a name as it is typed in a command line.</summary>
public static class TypedWord
{
    public static string Of(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "/._-:\\".Contains(letter, StringComparison.Ordinal))) return word;
        return OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
