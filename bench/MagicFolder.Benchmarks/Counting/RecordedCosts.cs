using System.Globalization;

namespace MagicFolder.Benchmarks.Counting;

/// <summary>The costs that were found good, in <c>counts.txt</c> beside the benchmarks: a line "path, a unit: what = cost" for each, sorted; lines with # are remarks.</summary>
internal static class RecordedCosts
{
    private const string Head = """
        # What hot paths cost, apart from time, for one file, entry, record or MiB; compared by
        #   dotnet run --project bench/MagicFolder.Benchmarks -c Release -- counts
        # and written by the same with --record. Linux, x86-64.
        """;

    internal static string Place { get; } = Path.Combine(FindRepository(), "bench", "MagicFolder.Benchmarks", "counts.txt");

    /// <summary>Empty when nothing was recorded yet.</summary>
    internal static IReadOnlyDictionary<string, double> Read() => File.Exists(Place)
        ? File.ReadLines(Place).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(" = ", 2))
            .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture), StringComparer.Ordinal)
        : new Dictionary<string, double>(StringComparer.Ordinal);

    internal static void Write(IReadOnlyDictionary<string, double> costs) =>
        File.WriteAllLines(Place, [Head, .. costs.OrderBy(cost => cost.Key, StringComparer.Ordinal).Select(cost => $"{cost.Key} = {Text(cost.Value)}")]);

    internal static string Text(double cost) => cost.ToString(cost >= 100 ? "0.#" : "0.####", CultureInfo.InvariantCulture);

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
            if (File.Exists(Path.Combine(directory.FullName, "MagicFolder.slnx"))) return directory.FullName;
        throw new InvalidOperationException("The recorded counts are in the checkout: run this from within it.");
    }
}
