namespace MagicFolder.Cli.Output;

/// <summary>Directories of a grid that a command goes on without, a line for each on standard error.</summary>
internal static class DoneWithout
{
    /// <param name="troubles">A sentence for each.</param>
    internal static void Print(IEnumerable<string> troubles)
    {
        foreach (string trouble in troubles) Console.Error.WriteLine($"grid: {trouble.ReplaceLineEndings(" ")}");
    }

    /// <param name="directories">That can be used again.</param>
    internal static void PrintBack(IEnumerable<string> directories)
    {
        foreach (string directory in directories) Console.Error.WriteLine($"grid: '{directory}' is there again.");
    }
}
