namespace MagicFolder.Simulation.Runs;

/// <summary>The names of the simulated participants, by index.</summary>
internal static class Petnames
{
    private static readonly string[] All = ["alice", "bob", "carol", "dave", "eve"];

    public static string Of(int index) => All[index];
}
