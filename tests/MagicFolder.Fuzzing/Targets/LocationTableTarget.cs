using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>A frame: length, what the id names (here as many bytes as there are references) and the table of locations.</summary>
internal sealed class LocationTableTarget : FuzzTarget
{
    private static readonly Model.Blobs.PackRef Self = Some.Pack(new Random(1));

    public override string Name => "location-table";

    public override byte[] Generate(Random random)
    {
        var packs = Enumerable.Range(0, 3).Select(i => i == 0 ? default : Some.Pack(random)).ToArray();
        var places = Enumerable.Range(0, random.Next(6)).Select(_ =>
            random.Next(4) == 0 ? default : new Place(Some.Location(random, packs[random.Next(3)]), random.Next(2) == 0 ? Some.Id(random) : null)).ToArray();
        return BlobFrame.Encode(new byte[places.Length], LocationTable.Encode(places));
    }

    /// <summary>Mutates the table as CBOR, which the frame hides from the other mutations.</summary>
    public override byte[] Repair(byte[] input, Random random) => BlobFrame.TrySplit(input, out var named, out var table)
        ? BlobFrame.Encode(named.Span, Mutations.CborMutations.Apply(table.ToArray(), random))
        : input;

    public override string Run(byte[] input)
    {
        if (!BlobFrame.TrySplit(input, out var named, out var table)) throw new Runs.RefusedByResultException("no frame");
        PromiseSame(input, BlobFrame.Encode(named.Span, table.Span));
        if (named.Length > BlobLimits.MaxReferences) return "no blob refers to so much";
        var places = LocationTable.Decode(table, named.Length, Self);
        var again = Array.ConvertAll(places, place => place.Location is { } at && at.Pack == Self ? place with { Location = at with { Pack = default } } : place);
        PromiseSame(table.Span, LocationTable.Encode(again));
        return $"{Size(places.Length)} places, {Size(places.Count(place => place.List is not null))} lists, {Size(places.Count(place => place.Location is null))} unknown";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;
}
