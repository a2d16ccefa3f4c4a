namespace MagicFolder.Cli.Output;

/// <summary>Directories of a grid that a command goes on without, on standard error.</summary>
internal static class DoneWithout
{
    /// <param name="troubles">A sentence for each.</param>
    internal static void Print(IEnumerable<string> troubles)
    {
        foreach (string trouble in troubles) Console.Error.WriteLine($"grid: {trouble.ReplaceLineEndings(" ")}");
    }
}
