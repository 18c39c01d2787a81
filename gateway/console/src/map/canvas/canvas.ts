/**
 * The map itself, drawn by MapLibre in WebGL. Loaded only where a map is shown, since the library is larger than the rest of the
 * console. It asks for nothing by itself: its worker comes from the gateway, its ground from `GroundSource`, its letters from the
 * fonts of this machine.
 */
import {
  type GeoJSONSource,
  type LngLatBoundsLike,
  Map as MapLibre,
  type MapMouseEvent,
  Marker,
  NavigationControl,
  setWorkerUrl,
} from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Language } from '../../shared/texts/index.ts';
import { type Markers, NO_MARKERS } from '../markers.ts';
import { type Colours, onColoursChange, readColours } from './colours.ts';
import { alertFeatures, cameraFeatures, coneFeatures, type Features, ticketFeatures } from './features.ts';
import { type Ground, type GroundSource, openGround } from './ground.ts';
import { plainGround } from './ground-layers.ts';
import { icons } from './icons.ts';
import { CONE_ZOOM, type MarkerSource, markerLayers } from './marker-layers.ts';
import { type Picked, pickedAt } from './pick.ts';

setWorkerUrl(new URL(workerUrl, document.baseURI).href);

export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

export interface CanvasOptions {
  readonly ground: GroundSource;
  readonly language: Language;
  /** Of the buttons, as a person reads them. */
  readonly words: { readonly zoomIn: string; readonly zoomOut: string; readonly map: string };
  /** False: nobody can touch it. */
  readonly interactive: boolean;
  /** Of signs and letters: 1 for a screen on a desk. */
  readonly scale: number;
  onPick(picked: Picked): void;
  /** Called with where was clicked beside all things, in the datum of the ground; given, the page's address says nothing of the map. */
  readonly onPlace?: ((place: Place) => void) | undefined;
  onHover(picked: Picked | null, at: { readonly x: number; readonly y: number }): void;
}

const CLOSE_ZOOM = 16.5;
const MAX_ZOOM = 19;
const FIT = { padding: 60, maxZoom: 15, animate: false } as const;
const EMPTY: Features = { type: 'FeatureCollection', features: [] };
/** The texts of clocks are to the minute. */
const CLOCKS_MS = 15_000;
/** The closest tiles lie above the closest groups: what is drawn there would stay grouped otherwise. */
const CLUSTER = { cluster: true, clusterMaxZoom: MAX_ZOOM - 1, maxzoom: MAX_ZOOM } as const;

export class MapCanvas {
  readonly #map: MapLibre;
  readonly #options: CanvasOptions;
  readonly #ready: Promise<void>;
  readonly #clocks: ReturnType<typeof setInterval>;
  readonly #stopWatching: () => void;
  readonly #pulses = new Map<Marker, ReturnType<typeof setTimeout>>();
  #colours: Colours;
  #markers = NO_MARKERS;
  #ground: Ground | null = null;
  #ring: Marker | null = null;
  #placed: boolean;
  #isReady = false;
  #over = false;

  constructor(container: HTMLElement, options: CanvasOptions) {
    const { ground, interactive, words } = options;
    this.#options = options;
    this.#colours = readColours();
    // Where a link or a reload says what was looked at, the map begins there; where nobody can move it, with all that is on it.
    const remembers = interactive && options.onPlace === undefined;
    this.#placed = interactive && ((remembers && location.hash !== '') || ground.about.bounds !== null);
    this.#map = new MapLibre({
      container,
      style: { version: 8, sources: {}, layers: [plainGround(this.#colours)] },
      ...(ground.about.bounds === null
        ? {}
        : { bounds: ground.about.bounds as unknown as LngLatBoundsLike, fitBoundsOptions: { padding: 20 } }),
      interactive,
      hash: remembers,
      maxZoom: MAX_ZOOM,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      renderWorldCopies: false,
      fadeDuration: 0,
      attributionControl:
        ground.about.attribution === null ? false : { customAttribution: escaped(ground.about.attribution) },
      locale: {
        'NavigationControl.ZoomIn': words.zoomIn,
        'NavigationControl.ZoomOut': words.zoomOut,
        'Map.Title': words.map,
      },
    });
    if (interactive) {
      this.#map.touchZoomRotate.disableRotation();
      this.#map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');
      this.#map.on('click', (event) => void this.#pick(event));
      this.#map.on('mousemove', (event) => this.#hover(event));
      this.#map.on('mouseout', () => options.onHover(null, { x: 0, y: 0 }));
    }
    this.#map.on('moveend', () => this.#drawCones());
    this.#ready = this.#map.once('load').then(() => this.#build());
    this.#clocks = setInterval(() => this.#draw('tickets'), CLOCKS_MS);
    this.#stopWatching = onColoursChange(() => this.#recolour());
  }

  /** Throws what keeps the ground from being shown; the markers are there all the same. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  setMarkers(markers: Markers): void {
    const before = this.#markers;
    this.#markers = markers;
    if (!this.#isReady) return;
    if (markers.cameras !== before.cameras || markers.offline !== before.offline) {
      this.#draw('cameras');
      this.#drawCones();
    }
    if (markers.alerts !== before.alerts) this.#draw('alerts');
    if (markers.tickets !== before.tickets) this.#draw('tickets');
    if (!this.#placed) this.fit();
  }

  /** Everything on the screen. */
  fit(): void {
    const places: readonly Place[] = [
      ...this.#markers.cameras.values(),
      ...this.#markers.alerts.values(),
      ...this.#markers.tickets.values(),
    ];
    if (places.length === 0) return;
    this.#placed = true;
    const box = { west: 180, south: 90, east: -180, north: -90 };
    for (const { longitude, latitude } of places) {
      box.west = Math.min(box.west, longitude);
      box.east = Math.max(box.east, longitude);
      box.south = Math.min(box.south, latitude);
      box.north = Math.max(box.north, latitude);
    }
    this.#map.fitBounds([box.west, box.south, box.east, box.north], FIT);
  }

  /** Goes there, and shows where it is meant. */
  show({ longitude, latitude }: Place, seconds = 0.6): void {
    const zoom = Math.max(this.#map.getZoom(), CLOSE_ZOOM);
    this.#map.flyTo({ center: [longitude, latitude], zoom, duration: seconds * 1000, essential: true });
    this.mark({ longitude, latitude });
  }

  /** Null: no longer. */
  mark(place: Place | null): void {
    this.#ring?.remove();
    this.#ring = place === null ? null : this.#element('map-ring', place);
  }

  /** Draws the eye to a place for some seconds. */
  pulse(place: Place, seconds: number): void {
    const marker = this.#element('map-pulse', place);
    const end = setTimeout(() => {
      marker.remove();
      this.#pulses.delete(marker);
    }, seconds * 1000);
    this.#pulses.set(marker, end);
  }

  end(): void {
    this.#over = true;
    clearInterval(this.#clocks);
    this.#stopWatching();
    for (const timer of this.#pulses.values()) clearTimeout(timer);
    this.#map.remove();
  }

  async #build(): Promise<void> {
    const { ground, language, scale } = this.#options;
    for (const { name, image, pixelRatio } of icons(this.#colours))
      this.#map.addImage(name, image, { pixelRatio: pixelRatio / scale });
    const clusters = {
      cameras: {
        ...CLUSTER,
        clusterRadius: 50,
        clusterProperties: { bad: sumOf('bad'), warn: sumOf('warn') },
      },
      alerts: { ...CLUSTER, clusterRadius: 30 },
      tickets: { ...CLUSTER, clusterRadius: 30, clusterProperties: { late: sumOf('late') } },
      cones: {},
    } as const;
    for (const [name, clustered] of Object.entries(clusters))
      this.#map.addSource(name, { type: 'geojson', data: EMPTY as never, ...clustered });
    for (const layer of markerLayers(this.#colours, this.#options.scale)) this.#map.addLayer(layer);
    this.#isReady = true;
    const markers = this.#markers;
    this.#markers = NO_MARKERS;
    this.setMarkers(markers);
    const opened = await openGround(ground, language, scale);
    if (this.#over) return;
    this.#ground = opened;
    for (const [name, source] of opened.sources) this.#map.addSource(name, source);
    for (const layer of opened.layers(this.#colours)) this.#map.addLayer(layer, 'cones');
    if (opened.problem !== null) throw new Error(opened.problem);
  }

  #draw(source: Exclude<MarkerSource, 'cones'>): void {
    if (!this.#isReady) return;
    const { alerts, tickets } = this.#markers;
    if (source === 'cameras') this.#fill(source, cameraFeatures(this.#markers));
    else if (source === 'alerts') this.#fill(source, alertFeatures(alerts.values()));
    else if (tickets.size > 0 || this.#map.getSource(source) !== undefined)
      this.#fill(source, ticketFeatures(tickets.values(), Date.now()));
  }

  #drawCones(): void {
    if (!this.#isReady || this.#map.getZoom() < CONE_ZOOM) return;
    const bounds = this.#map.getBounds();
    const [west, south, east, north] = [
      bounds.getWest(),
      bounds.getSouth(),
      bounds.getEast(),
      bounds.getNorth(),
    ];
    this.#fill('cones', coneFeatures(this.#markers, { west, south, east, north }));
  }

  #fill(source: MarkerSource, features: Features): void {
    void this.#map.getSource<GeoJSONSource>(source)?.setData(features as never);
  }

  async #pick(event: MapMouseEvent): Promise<void> {
    const found = pickedAt(this.#map, event.point);
    if (found === null) {
      const { lng: longitude, lat: latitude } = event.lngLat;
      return this.#options.onPlace?.({ longitude, latitude });
    }
    const { cluster, ...picked } = found;
    if (cluster === null) return this.#options.onPick(picked);
    const source = this.#map.getSource<GeoJSONSource>(cluster.source) as GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(cluster.id);
    if (this.#over) return;
    if (zoom < MAX_ZOOM) {
      this.#map.easeTo({ center: cluster.at, zoom: Math.min(zoom + 0.3, MAX_ZOOM) });
      return;
    }
    // They are all at one place: no zoom takes them apart.
    const leaves = await source.getClusterLeaves(cluster.id, 200, 0);
    if (!this.#over)
      this.#options.onPick({
        kind: picked.kind,
        ids: leaves.map(({ properties }) => String(properties?.id)),
      });
  }

  #hover(event: MapMouseEvent): void {
    const found = this.#isReady ? pickedAt(this.#map, event.point) : null;
    this.#map.getCanvas().style.cursor = found === null ? '' : 'pointer';
    this.#options.onHover(found?.cluster === null ? found : null, event.point);
  }

  #recolour(): void {
    this.#colours = readColours();
    if (!this.#isReady) return;
    for (const { name, image } of icons(this.#colours)) this.#map.updateImage(name, image);
    const all = [
      plainGround(this.#colours),
      ...markerLayers(this.#colours, this.#options.scale),
      ...(this.#ground?.layers(this.#colours) ?? []),
    ];
    for (const { id, paint = {} } of all)
      if (this.#map.getLayer(id) !== undefined)
        for (const [property, value] of Object.entries(paint))
          this.#map.setPaintProperty(id, property as never, value as never);
  }

  #element(name: string, { longitude, latitude }: Place): Marker {
    const element = document.createElement('div');
    element.className = name;
    return new Marker({ element }).setLngLat([longitude, latitude]).addTo(this.#map);
  }
}

function sumOf(property: string): [string, unknown] {
  return ['+', ['get', property]];
}

/** MapLibre takes it for HTML. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
