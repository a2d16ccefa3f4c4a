using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>
/// Where nodes end: after the item whose key's hash says so, or by whose weight the node is full (docs/formats/dmt.md, section 3). Whether a
/// node ends depends on nothing but what is in it, so the tree depends on nothing but the map. (Prolly trees of Noms, 2015; Merkle search
/// trees, Auvolat and Taïani 2019, take the hash of the key likewise.)
/// </summary>
internal static class NodeBoundary
{
    public const int MaxLevel = 20;
    public const int MaxItems = 4096;
    public const int MaxSiblings = 1024;
    public const int MaxNodeBytes = 1 << 20;

    /// <summary>An entry heavier than this fits into no tree, so that a full leaf and one such entry stay below <see cref="MaxNodeBytes"/>.</summary>
    public const int MaxEntryWeight = 512 << 10;

    /// <summary>Versions of one path by one maker: one that is hostile leaves room for those of everybody else.</summary>
    private const int MaxSiblingsOfOne = 64;
    private const int MaxWeightOfOne = 64 << 10;

    private const int FullLeaf = 32 << 10;
    private const int FullInterior = 64 << 10;

    /// <summary>Does the hash of this key end a node of this level? In mean one in 32 on level 0, one in 64 above.</summary>
    public static bool Ends(int level, RelativePath path)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(path.Key, hash);
        ulong first = BinaryPrimitives.ReadUInt64BigEndian(hash);
        if (level == 0) return first >> 59 == 0;
        ulong second = BinaryPrimitives.ReadUInt64BigEndian(hash[sizeof(ulong)..]);
        int before = 6 * level - 1;
        ulong bits = before < 64 ? first << before | second >> (64 - before) : second << (before - 64);
        return bits >> 58 == 0;
    }

    public static bool IsFull(int level, int weight) => weight >= (level == 0 ? FullLeaf : FullInterior);

    /// <summary>A bound of the encoded length that does not depend on the neighbours.</summary>
    public static int Weigh(DmtItem item) => 16 + item.Path.Key.Length + Weigh(item.Entry);

    public static int Weigh(Entry entry)
    {
        int weight = 0;
        foreach (var sibling in entry.Siblings) weight += Weigh(sibling.Value);
        return weight;
    }

    private static int Weigh(EntryValue value) => value.Kind switch
    {
        EntryKind.File => 96,
        EntryKind.Directory => 48,
        _ => 48 + Encoding.UTF8.GetByteCount(value.LinkTarget!),
    };

    public static int Weigh(DmtChild child) => 96 + child.Last.Key.Length;

    /// <summary>May an entry be in a tree at all?</summary>
    public static bool Fits(Entry entry) => entry.Siblings.Length <= MaxSiblings && Weigh(entry) <= MaxEntryWeight;

    public static bool FitsOfOne(IReadOnlyCollection<Sibling> made) => made.Count <= MaxSiblingsOfOne && made.Sum(sibling => Weigh(sibling.Value)) <= MaxWeightOfOne;
}
