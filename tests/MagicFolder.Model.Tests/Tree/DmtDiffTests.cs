using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Tree;

public sealed class DmtDiffTests
{
    private const int Large = 100_000;

    // The trees of the large tests never change, so they are built once.
    private static readonly Lazy<(MemoryNodeStore Store, Dmt Tree)> LargeTree = new(() =>
    {
        var store = new MemoryNodeStore();
        return (store, Dmt.Empty(store).With(Enumerable.Range(0, Large).Select(i => new DmtEdit(Some.Path(i), Some.Entry(i)))));
    });

    [Fact]
    public void ADiffIsWhatComparingAllItemsGives()
    {
        var store = new MemoryNodeStore();
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var left = Some.RandomMap(random, random.Next(1, 800));
            var right = new SortedDictionary<RelativePath, Entry>(random.Next(4) == 0 ? Some.RandomMap(random, random.Next(1, 800)) : left);
            foreach (var path in left.Keys)
            {
                if (random.Next(50) == 0) right.Remove(path);
                if (random.Next(50) == 0) right[path] = Some.RandomEntry(random);
                if (random.Next(50) == 0) right[path.Child("new")] = Some.RandomEntry(random);
            }
            var want = left.Keys.Union(right.Keys).Order()
                .Select(path => new DmtDifference(path, left.GetValueOrDefault(path), right.GetValueOrDefault(path)))
                .Where(difference => !Equals(difference.Left, difference.Right));
            Dmt.Diff(Some.Tree(store, left), Some.Tree(store, right)).SequenceEqual(want).ShouldBeTrue($"seed {seed}");
        }
    }

    [Fact]
    public void ADiffWithTheEmptyTreeIsEverything()
    {
        var store = new MemoryNodeStore();
        var map = Some.RandomMap(new Random(1), 1000);
        var tree = Some.Tree(store, map);
        Dmt.Diff(Dmt.Empty(store), tree).ShouldBe(map.Select(pair => new DmtDifference(pair.Key, null, pair.Value)));
        Dmt.Diff(tree, Dmt.Empty(store)).ShouldBe(map.Select(pair => new DmtDifference(pair.Key, pair.Value, null)));
        Dmt.Diff(tree, tree).ShouldBeEmpty();
    }

    [Fact]
    public void ADiffOfOneChangeInALargeTreeReadsAHandfulOfNodes()
    {
        var (built, tree) = LargeTree.Value;
        var random = new Random(1);
        int most = 0;
        int total = 0;
        for (int i = 0; i < 300; i++)
        {
            var path = Some.Path(random.Next(Large));
            var changed = tree.With(new DmtEdit(i % 3 == 0 ? path.Child("new") : path, i % 3 == 1 ? null : Some.Entry(-1)));
            var store = built.Fresh();
            Dmt.Diff(Dmt.Open(store, tree.Root), Dmt.Open(store, changed.Root)).Count().ShouldBe(1);
            most = Math.Max(most, store.Loads);
            total += store.Loads;
        }
        // Three levels on both sides are 6; where a boundary comes or goes, its neighbours as well.
        most.ShouldBeLessThanOrEqualTo(12);
        ((double)total / 300).ShouldBeLessThan(6.5);
    }

    [Fact]
    public void ADiffOfManyChangesReadsNoMoreThanTheirPaths()
    {
        var (built, tree) = LargeTree.Value;
        var random = new Random(2);
        var paths = Enumerable.Range(0, 100).Select(_ => Some.Path(random.Next(Large))).Distinct().Order().ToList();
        var changed = tree.With(paths.Select(path => new DmtEdit(path, Some.Entry(-1))));
        var store = built.Fresh();
        Dmt.Diff(Dmt.Open(store, tree.Root), Dmt.Open(store, changed.Root)).Select(d => d.Path).ShouldBe(paths);
        store.Loads.ShouldBeLessThanOrEqualTo(6 * paths.Count);
    }

    [Fact]
    public void ADiffIsLazy()
    {
        var (built, tree) = LargeTree.Value;
        var store = built.Fresh();
        Dmt.Empty(store);
        Dmt.Diff(Dmt.Open(store, tree.Root), Dmt.Open(store, Dmt.EmptyRoot)).First().Path.ShouldBe(Some.Path(0));
        store.Loads.ShouldBeLessThan(6);
    }
}
