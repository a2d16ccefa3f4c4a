using MagicFolder.Model;
using MagicFolder.Model.Tree;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>One node of a tree.</summary>
internal sealed class DmtNodeTarget : FuzzTarget
{
    public override string Name => "dmt-node";

    public override bool IsCbor => true;

    public override byte[] Generate(Random random)
    {
        var store = new NodeBag();
        var tree = Dmt.Empty(store).With(Some.Map(random, random.Next(random.Next(8) == 0 ? 120 : 6)).Select(pair => new DmtEdit(pair.Key, pair.Value)));
        return random.Next(2) == 0 ? store.Load(tree.Root) : store.Newest;
    }

    public override string Run(byte[] input)
    {
        var node = DmtNode.Decode(input);
        PromiseSame(input, node.IsLeaf ? DmtNode.EncodeLeaf(node.Items) : DmtNode.EncodeInterior(node.Level, node.Described));
        foreach (var item in node.Items) Promise(Dmt.Admits(item.Entry) && !item.Path.IsReserved && !item.Path.IsRoot, "no tree may hold such an item");
        int conflicts = node.Items.Count(item => item.Entry.IsConflict);
        return $"level {Size(node.Level)}, {Size(node.Items.Count)} items, {Size(conflicts)} conflicts, {Size(node.Children.Count)} children, {Size(node.Contents.Count())} contents";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
