using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Crashes;

/// <summary>
/// What the users of two computers do to a tree that both have, at the same time: some operations on each side, in order. Operations on different sides that nothing is
/// synchronized between commute, so the order across sides is no part of it.
/// </summary>
/// <param name="Number">Its place among all with as many operations: what chance begins with.</param>
/// <param name="First">Of A.</param>
/// <param name="Second">Of B.</param>
internal sealed record Workload(int Number, IReadOnlyList<Operation> First, IReadOnlyList<Operation> Second)
{
    /// <summary>All with exactly so many operations.</summary>
    public static IEnumerable<Workload> All(int operations)
    {
        int number = 0;
        for (int first = 0; first <= operations; first++)
            foreach (var mine in Sequences(first))
                foreach (var others in Sequences(operations - first))
                    yield return new Workload(number++, mine, others);
    }

    /// <summary>What both computers have before.</summary>
    public static void MakeBase(MemoryTree tree)
    {
        Operation.Write(tree, "f", "base f");
        Operation.Write(tree, "g", "base g");
        tree.CreateDirectory(RelativePath.Parse("d"), 0x1ED);
        Operation.Write(tree, "d/x", "base x");
        Operation.Write(tree, "d/y", "base y");
    }

    public void Do(Cluster cluster)
    {
        Do(cluster, 0, First);
        Do(cluster, 1, Second);
    }

    public override string ToString() => $"A: {Names(First)}; B: {Names(Second)}";

    private static string Names(IReadOnlyList<Operation> operations) => operations.Count == 0 ? "-" : string.Join(", ", operations.Select(operation => operation.Name));

    private static IEnumerable<IReadOnlyList<Operation>> Sequences(int length) => length == 0
        ? [[]]
        : Sequences(length - 1).SelectMany(shorter => Operation.All.Select(operation => (IReadOnlyList<Operation>)[.. shorter, operation]));

    private static void Do(Cluster cluster, int side, IReadOnlyList<Operation> operations)
    {
        var computer = cluster.Computers[side];
        for (int i = 0; i < operations.Count; i++)
        {
            cluster.Time.Advance(10_000_000);
            string text = $"of {computer.Petname} {i}";
            cluster.Oracle.Act(side, () =>
            {
                try
                {
                    operations[i].Do(computer.Folder, text);
                }
                catch (DiskException)
                {
                    // Not possible any more after what came before.
                }
            });
        }
    }
}
